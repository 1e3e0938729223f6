extension ReportPage {
    /// Light and dark as the reader's machine is; narrow screens have one column, and nothing is cut off.
    static let style = """
        :root { --ink: #1c2330; --paper: #fff; --faint: #5b6575; --line: #d8dde6; --held: #2f6fde; --good: #3a9d6a; --bad: #c8321f; --moment: #a0522d; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e4e8ef; --paper: #14181f; --faint: #9aa5b5; --line: #333b48; --held: #6a9df5; --good: #55b585; --bad: #ff7b66; --moment: #e0a070; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
        main { max-width: 1100px; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; }
        h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        h3, h4 { margin: 1.25rem 0 .4rem; font-size: 1rem; }
        h4 { color: var(--faint); font-weight: 600; }
        .verdict { display: inline-block; padding: 0 .6em; border-radius: 1em; font-size: .75em; color: var(--paper); vertical-align: .12em; }
        .verdict.ok { background: var(--good); }
        .verdict.bad { background: var(--bad); }
        .facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: 1rem 0; }
        .facts dt { color: var(--faint); }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
        th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
        thead th, .when { color: var(--faint); }
        td, .when { font-variant-numeric: tabular-nums; }
        td.bad { color: var(--bad); font-weight: 600; }
        .lines td { font-size: .9rem; padding-top: .1rem; padding-bottom: .1rem; }
        .lines .when { width: 6rem; text-align: right; }
        summary { cursor: pointer; font-weight: 600; margin-top: 1rem; }
        .chart { margin: .25rem 0 1rem; }
        .lane { display: flex; align-items: center; margin: .2rem 0; }
        .who { flex: 0 0 7.5rem; padding-right: .75rem; color: var(--faint); font-size: .85rem; overflow-wrap: anywhere; }
        .lane svg, .axis { flex: 1 1 0; min-width: 0; display: block; width: 100%; }
        .lane svg { background: color-mix(in srgb, var(--line) 35%, transparent); }
        .axis { position: relative; height: 1.3rem; font-size: .75rem; color: var(--faint); }
        .axis span { position: absolute; white-space: nowrap; border-left: 1px solid var(--line); padding-left: .2rem; }
        .axis .late { transform: translateX(-100%); border: 0; border-right: 1px solid var(--line); padding: 0 .2rem 0 0; }
        .held { fill: var(--held); }
        .good { fill: var(--good); }
        .failed { fill: var(--bad); }
        .moment { stroke: var(--moment); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-dasharray: 3 2; }
        footer { margin-top: 2.5rem; color: var(--faint); font-size: .85rem; }
        @media (max-width: 600px) {
          .facts { grid-template-columns: 1fr; gap: 0; }
          .facts dd { margin-bottom: .5rem; }
          .who { flex-basis: 5rem; }
          .axis span:nth-child(even) { display: none; }
        }
        @media print { details { break-inside: avoid; } }

        """
}
