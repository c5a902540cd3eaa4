"""The procrastinate app: which jobs there are, how often each is tried again, and what runs by the clock."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from insta_voice.auth.livekit import Rooms
from insta_voice.db import Database
from insta_voice.errors import InstaVoiceError
from insta_voice.jobs import tasks
from insta_voice.jobs.left_undone import enqueue_left_undone
from insta_voice.knowledge import Embedders, visitor_of
from insta_voice.settings import Settings

log = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
STALLED_AFTER_S = 20.0  # four heartbeats: a worker that was only slow keeps its jobs
_EVERY_15_S = "* * * * * */15"  # the sixth field is seconds
_EVERY_MINUTE = "* * * * *"
_EVERY_HOUR = "17 * * * *"  # not with everyone else's on the hour
_HALF_AN_HOUR_LATER = "47 * * * *"
# procrastinate waits 2, 4, 8 … s before the next attempt, or 0, 60, 120 … s where the wait is linear.
_SUMMARY_RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)  # 34 min, the last wait 17
# 34 min; then, to find them, once an hour, by left_undone.py
_GAPS_RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)
_TICKET_RETRY = RetryStrategy(
    max_attempts=13,  # 4 h 33 min
    exponential_wait=2,
    retry_exceptions=[InstaVoiceError, OSError],
)
_ERASURE_RETRY = RetryStrategy(max_attempts=20, linear_wait=60)  # 3 h 10 min
_ROOM_RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)  # 34 min; LiveKit ends empty rooms by itself


def build_app(db: Database, settings: Settings, rooms: Rooms | None, embedders: Embedders | None = None) -> App:
    """The app with its tasks bound to this process's database, settings, rooms and models. Open it with a pool."""
    app = App(
        connector=PsycopgConnector(),
        worker_defaults={
            "listen_notify": False,  # LISTEN does not work behind a transaction pooler
            "fetch_job_polling_interval": 0.5,
            "abort_job_polling_interval": 5.0,
            "update_heartbeat_interval": HEARTBEAT_S,
            "stalled_worker_timeout": STALLED_AFTER_S,
            "shutdown_graceful_timeout": 5.0,  # of the 8 s a part has to stop
            "delete_jobs": "successful",
            "install_signal_handlers": False,
            "concurrency": 4,  # they wait for the network and the database
        },
    )

    @app.task(name="summarize_call", retry=_SUMMARY_RETRY)
    async def summarize_call(call_id: str) -> None:
        await tasks.summarize_call(db, UUID(call_id))

    @app.task(name="find_gaps", retry=_GAPS_RETRY)
    async def find_gaps(call_id: str) -> None:
        await tasks.find_gaps(db, settings, embedders, UUID(call_id))

    @app.task(name="close_answered_gaps", retry=_GAPS_RETRY)
    async def close_answered_gaps() -> None:
        await tasks.close_answered_gaps(db, embedders, datetime.now(UTC))

    @app.task(name="deliver_ticket", retry=_TICKET_RETRY)
    async def deliver_ticket(ticket_id: str) -> None:
        await tasks.deliver_ticket(db, settings, UUID(ticket_id))

    @app.periodic(cron=_EVERY_MINUTE)
    @app.task(name="close_stale_calls", queueing_lock="close_stale_calls")
    async def close_stale_calls(timestamp: int) -> None:
        await tasks.close_stale_calls(db)

    @app.task(name="erase_person", retry=_ERASURE_RETRY)
    async def erase_person(erasure_id: str) -> None:
        await tasks.erase_person(db, UUID(erasure_id))

    @app.task(name="end_room", retry=_ROOM_RETRY)
    async def end_room(room_name: str) -> None:
        await tasks.end_room(rooms, room_name)

    @app.periodic(cron=_EVERY_HOUR)
    @app.task(name="obey_retention", queueing_lock="obey_retention")
    async def obey_retention(timestamp: int) -> None:
        await tasks.obey_retention(db, settings, datetime.now(UTC))

    @app.periodic(cron=_HALF_AN_HOUR_LATER)
    @app.task(name="resume_left_undone", queueing_lock="resume_left_undone")
    async def resume_left_undone(timestamp: int) -> None:
        if found := await enqueue_left_undone(db, settings, has_model=embedders is not None):
            log.warning("%d tickets, erasures, summaries and gaps were left undone and are tried again", found)

    # With `lock`, one worker at a time; its first run comes as the worker starts.
    @app.periodic(cron=_EVERY_MINUTE)
    @app.task(name="keep_indexes", queueing_lock="keep_indexes", lock="keep_indexes")
    async def keep_indexes(timestamp: int) -> None:
        await tasks.keep_indexes(db, embedders)

    # With `lock`, one crawl at a time: several would take every place that tickets and summaries need.
    @app.periodic(cron=_EVERY_MINUTE)
    @app.task(name="refresh_sources", queueing_lock="refresh_sources", lock="refresh_sources")
    async def refresh_sources(timestamp: int) -> None:
        await tasks.refresh_sources(db, embedders, visitor_of(settings))

    @app.periodic(cron=_EVERY_15_S)
    @app.task(name="retry_stalled", queueing_lock="retry_stalled")
    async def retry_stalled(timestamp: int) -> None:
        await retry_stalled_jobs(app)

    return app


async def retry_stalled_jobs(app: App) -> int:
    """Give the jobs of workers that are gone to those that are there; returns how many."""
    await app.job_manager.prune_stalled_workers(STALLED_AFTER_S)
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S))
    for job in stalled:
        log.warning("job %s (%s) lost its worker and is run again", job.id, job.task_name)
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # the same job is waiting already, and would wait for this one's lock for ever
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    return len(stalled)
