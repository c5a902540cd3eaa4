"""From an ended call to groups of questions: each is put to the group whose centre is nearest, or begins one."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from insta_voice.db import Connection, Database
from insta_voice.knowledge.embedding import Embedder
from insta_voice.knowledge.gaps.finding import Asked, Cause, in_vain, questions_of
from insta_voice.knowledge.gaps.meaning import Meaning, Vector, cosine, meaning_by
from insta_voice.knowledge.gaps.recorded import QUERIES, EndedCall, read_ended_call


async def find_gaps(db: Database, embedder: Embedder, call_id: UUID, *, language: str) -> int:
    """Group what was asked in vain in an ended call; how many questions. Done again, as after the call was rated, each
    counts once. Nothing for a call that was deleted; `language` is the one of calls for which nobody said.

    EmbeddingError when no model can compare them.
    """
    call = await read_ended_call(db, call_id, language=language)
    if call is None:
        return 0
    asked = questions_of(call.answers)
    meaning = await meaning_by(db, embedder)
    words = await meaning.vectors(one.question for one in asked) if len(asked) > 1 else {}

    def alike(one: Asked, other: Asked) -> bool:
        return one.is_of_the_same(other) and meaning.is_asked_again(cosine(words[one.question], words[other.question]))

    found = in_vain(call.answers, asked, solved=call.solved, alike=alike)
    vectors = await meaning.vectors(one.query for one in found)
    await _put(db, call, found, meaning, vectors)
    return len(found)


async def _put(
    db: Database,
    call: EndedCall,
    found: Mapping[Asked, frozenset[Cause]],
    meaning: Meaning,
    vectors: Mapping[str, Vector],
) -> None:
    """In one transaction, and one at a time: two that find the same new question make one group of it."""
    of_call = {"call_id": call.call_id, "read_at": call.read_at}
    places = json.dumps([{"number": one.number, "part": one.part} for one in found])
    async with db.as_service() as connection:
        await connection.execute(QUERIES["lock_gaps"])
        if (await connection.execute(QUERIES["keep_call"], of_call)).rowcount == 0:
            return  # it was deleted meanwhile
        await connection.execute(QUERIES["hold_gaps"])  # after the call, which its deletion locks before its gaps
        await connection.execute(QUERIES["drop_others"], {**of_call, "places": places})
        for one, causes in found.items():
            question = {
                **of_call,
                "number": one.number,
                "part": one.part,
                "causes": sorted(causes),
                "embedding": vectors[one.query],
                "language": call.language,
                "model": meaning.index.model,
            }
            if (await connection.execute(QUERIES["note_causes"], question)).rowcount == 0:
                gap_id = await _gap_of(connection, question, meaning)
                await connection.execute(QUERIES["put_question"], {**question, "gap_id": gap_id})
                await connection.execute(QUERIES["open_again"], {**question, "gap_id": gap_id})
        await connection.execute(QUERIES["note_found"], of_call)


async def _gap_of(connection: Connection, question: Mapping[str, Any], meaning: Meaning) -> int:
    nearest = await (await connection.execute(QUERIES["nearest_gap"], question)).fetchone()
    if nearest is None or not meaning.is_one_gap(nearest["cosine"]):
        nearest = await (await connection.execute(QUERIES["begin_gap"], question)).fetchone()
    assert nearest is not None, "a new row is returned"
    return int(nearest["gap_id"])
