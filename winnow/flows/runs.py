"""The runs of one deployment on Prefect's server: skip late ones, end dead ones, order a new one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Crashed

BEGUN: Final = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)
SKIPPED: Final[State[None]] = Cancelled(name="Skipped", message="late; a run that began later did its work")
DEAD: Final[State[None]] = Crashed(message="the process that ran it is gone")


def skip_late_runs(deployment: UUID) -> int:
    """Cancel the runs of a deployment that are due but have not begun, and return how many.

    Otherwise Prefect would begin them all, oldest first: up to 100 after the machine was off.
    """
    with get_client(sync_client=True) as client:
        late = _runs(deployment, [StateType.SCHEDULED], _due_by_now())
        for run in late:
            client.set_flow_run_state(run.id, SKIPPED, force=True)
    return len(late)


def end_dead_runs(deployment: UUID) -> int:
    """Mark the unfinished runs of a deployment as crashed, and return how many.

    Only for the process that begins its runs, before it does so: then the process of each of them is gone.
    They would occupy the only slot of the deployment, and all later runs would be cancelled.
    """
    with get_client(sync_client=True) as client:
        dead = _runs(deployment, BEGUN)
        parents = FlowRunFilterParentFlowRunId(any_=[run.id for run in dead])
        subflows = (
            client.read_flow_runs(flow_run_filter=FlowRunFilter(parent_flow_run_id=parents)) if dead else []
        )
        for run in (*dead, *subflows):
            if run.state and not run.state.is_final():
                client.set_flow_run_state(run.id, DEAD, force=True)
    return len(dead)


def order_run(deployment: UUID) -> bool:
    """Order a run to begin now unless one has begun or is due, and return whether it was ordered."""
    if _runs(deployment, BEGUN) or _runs(deployment, [StateType.SCHEDULED], _due_by_now()):
        return False
    with get_client(sync_client=True) as client:
        client.create_flow_run_from_deployment(deployment)
    return True


def _due_by_now() -> FlowRunFilterExpectedStartTime:
    return FlowRunFilterExpectedStartTime.model_validate({"before_": datetime.now(UTC)})


def _runs(
    deployment: UUID, states: Sequence[StateType], due: FlowRunFilterExpectedStartTime | None = None
) -> list[FlowRun]:
    """Runs of a deployment in some states: all, as the server gives 200 at once and schedules at most 100 ahead."""
    state = FlowRunFilterState(type=FlowRunFilterStateType(any_=[*states]))
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
            flow_run_filter=FlowRunFilter(state=state, expected_start_time=due),
        )
