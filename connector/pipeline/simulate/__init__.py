"""The whole connector on a virtual clock: the real pipeline and store, in a world that a scenario describes."""

from connector.pipeline.simulate.run import simulate
from connector.pipeline.simulate.scenario import Scenario, read_scenario
from connector.pipeline.simulate.strange import strange

__all__ = ["Scenario", "read_scenario", "simulate", "strange"]
