-- Answers by itself, with what it was asked for.
core.register_service("where", "http", function(applet)
    local answer = "lua " .. applet.path
    applet:set_status(200)
    applet:add_header("content-length", string.len(answer))
    applet:start_response()
    applet:send(answer)
end)
