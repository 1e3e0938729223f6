import Prober
