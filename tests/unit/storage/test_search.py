"""Finding words in titles and messages."""

import random

import pytest

from desktop_app.core.conversation import MessageState, Role
from desktop_app.core.search import MATCH_END, MATCH_START, SearchHit, snippet_parts
from desktop_app.storage import search as search_module
from desktop_app.storage.conversations import Conversations
from desktop_app.storage.database import Database


def texts(hits: list[SearchHit]) -> list[str]:
    return [hit.snippet.replace(MATCH_START, "[").replace(MATCH_END, "]") for hit in hits]


@pytest.fixture
def filled(store: Conversations) -> Conversations:
    conversation = store.create("Holidays in Évry")
    question = store.add_message(conversation.id, None, Role.USER, "Où est le café de l'été ?")
    store.add_message(conversation.id, question.id, Role.ASSISTANT, "The coffee house is around the corner.")
    store.create("Recipes")
    return store


def test_a_message_is_found_with_its_place(filled: Conversations) -> None:
    (hit,) = filled.search("corner")
    assert hit == SearchHit(
        conversation_id=1,
        message_id=2,
        title="Holidays in Évry",
        snippet=f"The coffee house is around the {MATCH_START}corner{MATCH_END}.",
        role=Role.ASSISTANT,
        date=filled.message(2).created_at,
    )


def test_a_title_is_found_with_its_place(filled: Conversations) -> None:
    (hit,) = filled.search("recipes")
    assert hit == SearchHit(2, None, "Recipes", f"{MATCH_START}Recipes{MATCH_END}", None, filled.get(2).updated_at)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CAFE", ["Où est le [café] de l'été ?"]),
        ("café", ["Où est le [café] de l'été ?"]),
        ("evry", ["Holidays in [Évry]"]),
        ("caf", ["Où est le [café] de l'été ?"]),
        ("coffee hou", ["The [coffee] [house] is around the corner."]),
        ("house coffee", ["The [coffee] [house] is around the corner."]),
        ("coff house", []),  # only the last word may be unfinished
        ('"coffee house"', ["The [coffee house] is around the corner."]),
        ('"house coffee"', []),
        ('"coffee hou"', []),
        ("“coffee house”", ["The [coffee house] is around the corner."]),
        ("«coffee house» aro", ["The [coffee house] is [around] the corner."]),
        ("l'été", ["Où est le café de [l'été] ?"]),
        ("coffee recipes", []),
        ("Recipes", ["[Recipes]"]),
    ],
)
def test_words_prefixes_phrases_and_accents(filled: Conversations, query: str, expected: list[str]) -> None:
    assert texts(filled.search(query)) == expected


@pytest.mark.parametrize("query", ["", "   ", '"', '""', '"""', "*", "- ^ : ( )", "😀", "\0", "…", "«»"])
def test_without_a_word_nothing_is_found(filled: Conversations, query: str) -> None:
    assert filled.search(query) == []


@pytest.mark.parametrize(
    "query",
    [
        'coffee"',
        '"coffee',
        'cof"fee',
        "coffee*",
        "coffee AND",
        "AND",
        "NOT coffee",
        "coffee OR",
        "NEAR(coffee house, 2)",
        "content:coffee",
        "-coffee",
        "^coffee",
        "coffee + house",
        "{content} : coffee",
        "(coffee",
        "coffee)",
        "coffee' OR 1=1 --",
        "coffee\0house",
        "coffee \ud800",
        "\ufdd0coffee",
        "𐍈 coffee",
        "coffee 🯰",  # a number to newer Unicode tables than FTS5's
        " ".join(["coffee"] * 5000),
        "c" * 100_000,
    ],
)
def test_nothing_that_can_be_typed_is_an_error(filled: Conversations, query: str) -> None:
    for hit in filled.search(query):
        assert "coffee" in hit.snippet


def test_random_typing_is_no_error(filled: Conversations) -> None:
    generator = random.Random(2)
    alphabet = "coffee house'\"*+-^:(){}[],.;&|!?AND OR NOT NEAR \0\n\té🙂”«"
    for _ in range(500):
        query = "".join(generator.choices(alphabet, k=generator.randint(1, 20)))
        assert isinstance(filled.search(query), list)


def test_the_trash_is_not_searched(filled: Conversations) -> None:
    filled.trash_branch(2)
    assert filled.search("corner") == []
    filled.restore_branch(2)
    assert len(filled.search("corner")) == 1
    filled.trash(1)
    assert filled.search("corner") == []
    assert filled.search("holidays") == []
    filled.restore(1)
    assert len(filled.search("corner")) == 1
    assert len(filled.search("holidays")) == 1


def test_a_reply_is_found_once_it_has_ended(filled: Conversations) -> None:
    reply = filled.begin_reply(2, None)
    filled.append_reply(reply.id, "Take three onions")
    assert filled.search("onions") == []
    filled.finish_reply(reply.id, MessageState.FAILED)
    assert texts(filled.search("onions")) == ["Take three [onions]"]
    filled.continue_reply(reply.id)
    filled.append_reply(reply.id, " and cry")
    filled.finish_reply(reply.id)
    assert texts(filled.search("cry")) == ["Take three onions and [cry]"]
    assert len(filled.search("onions")) == 1


def test_a_new_title_replaces_the_old_one(filled: Conversations) -> None:
    filled.rename(2, "Soups")
    assert filled.search("recipes") == []
    assert texts(filled.search("soup")) == ["[Soups]"]


def test_the_best_match_is_first_and_then_the_latest(store: Conversations) -> None:
    conversation = store.create("One")
    for text in ("token " + "filler " * 200, "token token token", "same token here", "same token here"):
        store.add_message(conversation.id, None, Role.USER, text)
    assert [hit.message_id for hit in store.search("token")] == [2, 4, 3, 1]


def test_titles_come_first_and_leave_room_for_messages(store: Conversations) -> None:
    for number in range(6):
        conversation = store.create(f"Token {number}")
        store.add_message(conversation.id, None, Role.USER, "a token")
    hits = store.search("token", 6)
    assert [hit.message_id is None for hit in hits] == [True] * 3 + [False] * 3
    assert [hit.message_id is None for hit in store.search("token", 10)] == [True] * 5 + [False] * 5
    assert len(store.search("token", 100)) == 12
    assert store.search("token", 0) == []
    store.create("Only in titles")
    assert len(store.search("titles", 1)) == 1


def test_a_long_message_shows_the_words_around_the_match(store: Conversations) -> None:
    conversation = store.create("One")
    store.add_message(conversation.id, None, Role.USER, "before " * 300 + "needle" + " after" * 300)
    (hit,) = store.search("needle")
    assert len(hit.snippet) < 300
    assert ("needle", True) in list(snippet_parts(hit.snippet))
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")


def test_a_common_word_is_ranked_among_its_newest_matches(
    database: Database, store: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "CANDIDATES", 10)
    conversation = store.create("One")
    best = store.add_message(conversation.id, None, Role.USER, "common common common")
    for _ in range(9):
        store.add_message(conversation.id, None, Role.USER, "a common word")
    assert store.search("common")[0].message_id == best.id
    newest = store.add_message(conversation.id, None, Role.USER, "a common word")
    hits = store.search("common")
    assert len(hits) == 10
    assert hits[0].message_id == newest.id


def test_messages_in_the_trash_do_not_take_the_place_of_others(
    store: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "CANDIDATES", 3)
    conversation = store.create("One")
    kept = store.add_message(conversation.id, None, Role.USER, "common")
    for _ in range(5):
        store.trash_branch(store.add_message(conversation.id, None, Role.USER, "common").id)
    assert [hit.message_id for hit in store.search("common")] == [kept.id]


def test_the_plan_looks_at_no_row_that_does_not_match(database: Database) -> None:
    for sql in (search_module._MESSAGES, search_module._TITLES):
        plan = database.query(
            f"EXPLAIN QUERY PLAN {sql}", {"match": '"a"', "candidates": 9, "limit": 9, "start": "", "end": ""}
        )
        scans = [row["detail"] for row in plan if row["detail"].startswith("SCAN")]
        assert sorted(line.split()[1] for line in scans) in (
            ["(subquery-1)", "messages_fts"],
            ["(subquery-1)", "titles_fts"],
        ), scans
