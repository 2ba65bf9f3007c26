"""Branches in and out of the trash, against a model of the rules in plain Python."""

import random
from dataclasses import dataclass, field

import pytest

from desktop_app.core.conversation import MessageState, Role
from desktop_app.core.errors import UsageError
from desktop_app.storage.conversations import Conversations
from desktop_app.storage.database import Database
from tests.helpers.stores import store_of


def check_index(database: Database) -> None:
    """FTS5 compares its index with the texts and complains of any difference."""
    with database.transaction() as connection:
        connection.execute("INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check')")
        connection.execute("INSERT INTO titles_fts (titles_fts) VALUES ('integrity-check')")


@pytest.fixture
def chain(store: Conversations) -> list[int]:
    """Ids of a conversation's question, two replies to it, and a question after the second reply."""
    conversation = store.create("Chain")
    question = store.add_message(conversation.id, None, Role.USER, "question").id
    first = store.add_message(conversation.id, question, Role.ASSISTANT, "first").id
    second = store.add_message(conversation.id, question, Role.ASSISTANT, "second").id
    return [question, first, second, store.add_message(conversation.id, second, Role.USER, "further").id]


def test_a_trashed_branch_gives_way_to_its_newest_neighbour(store: Conversations, chain: list[int]) -> None:
    question, first, second, further = chain
    assert store.get(1).leaf_id == further
    assert store.trash_branch(second).leaf_id == first
    assert list(store.tree(1).messages) == [question, first]
    assert store.trash_branch(first).leaf_id == question
    assert store.trash_branch(question).leaf_id is None
    assert len(store.tree(1)) == 0


def test_a_trashed_branch_that_is_not_on_view_changes_nothing_on_view(store: Conversations, chain: list[int]) -> None:
    assert store.trash_branch(chain[1]).leaf_id == chain[3]


def test_a_restored_branch_is_on_view(store: Conversations, chain: list[int]) -> None:
    _, _, second, further = chain
    before = store.tree(1).messages
    store.trash_branch(second)
    assert store.restore_branch(second).leaf_id == further
    assert store.tree(1).messages == before


def test_branches_trashed_one_in_the_other_are_restored_in_turn(store: Conversations, chain: list[int]) -> None:
    question, first, second, further = chain
    store.trash_branch(further)
    store.trash_branch(question)
    with pytest.raises(UsageError) as caught:
        store.restore_branch(further)
    assert caught.value.problem.code == "branch_parent_trashed"
    store.restore_branch(question)
    assert list(store.tree(1).messages) == [question, first, second]
    store.restore_branch(further)
    assert list(store.tree(1).messages) == chain


def test_only_a_branch_that_was_trashed_as_such_can_be_restored(store: Conversations, chain: list[int]) -> None:
    _, first, second, further = chain
    store.trash_branch(second)
    for message_id in (first, further):
        with pytest.raises(UsageError):
            store.restore_branch(message_id)


def test_nothing_grows_below_the_trash(store: Conversations, chain: list[int]) -> None:
    store.trash_branch(chain[2])
    for message_id in chain[2:]:
        with pytest.raises(UsageError):
            store.add_message(1, message_id, Role.USER, "lost")
        with pytest.raises(UsageError):
            store.set_leaf(1, message_id)
        with pytest.raises(UsageError):
            store.trash_branch(message_id)


def test_the_trash_lists_branches_with_their_size(store: Conversations, chain: list[int]) -> None:
    store.trash_branch(chain[1])
    store.trash_branch(chain[2])
    assert [(one.message.id, one.messages) for one in store.trashed_branches()] == [(chain[2], 2), (chain[1], 1)]
    store.trash(1)
    assert store.trashed_branches() == []


def test_a_reply_that_is_being_written_goes_on_in_the_trash(store: Conversations, chain: list[int]) -> None:
    reply = store.begin_reply(1, chain[3])
    store.trash_branch(chain[3])
    store.append_reply(reply.id, "to the end")
    store.finish_reply(reply.id)
    store.restore_branch(chain[3])
    assert store.tree(1)[reply.id].content == "to the end"


@dataclass
class Node:
    id: int
    conversation: int
    parent: int | None
    content: str
    state: MessageState
    trashed_with: int | None = None


@dataclass
class Model:
    """What the store should do, with dictionaries and without a database."""

    nodes: dict[int, Node] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    leaves: dict[int, int | None] = field(default_factory=dict)
    trash: set[int] = field(default_factory=set)

    def live(self, conversation: int) -> list[int]:
        return [n.id for n in self.nodes.values() if n.conversation == conversation and n.trashed_with is None]

    def children(self, conversation: int, parent: int | None) -> list[int]:
        return [message_id for message_id in self.live(conversation) if self.nodes[message_id].parent == parent]

    def newest_leaf(self, conversation: int, at: int | None) -> int | None:
        while below := self.children(conversation, at):
            at = max(below)
        return at

    def below(self, message_id: int) -> list[int]:
        found = [message_id]
        for child in self.children(self.nodes[message_id].conversation, message_id):
            found += self.below(child)
        return found

    def add(self, message_id: int, conversation: int, parent: int | None, content: str, state: MessageState) -> None:
        self.nodes[message_id] = Node(message_id, conversation, parent, content, state)
        self.leaves[conversation] = message_id

    def trash_branch(self, message_id: int) -> None:
        node = self.nodes[message_id]
        gone = self.below(message_id)
        for one in gone:
            self.nodes[one].trashed_with = message_id
        if self.leaves[node.conversation] in gone:
            self.leaves[node.conversation] = self.newest_leaf(node.conversation, node.parent)

    def can_restore(self, message_id: int) -> bool:
        node = self.nodes[message_id]
        return node.trashed_with == message_id and (node.parent is None or self.nodes[node.parent].trashed_with is None)

    def restore_branch(self, message_id: int) -> None:
        for node in self.nodes.values():
            if node.trashed_with == message_id:
                node.trashed_with = None
        self.leaves[self.nodes[message_id].conversation] = self.newest_leaf(
            self.nodes[message_id].conversation, message_id
        )

    def empty_trash(self) -> None:
        for conversation in self.trash:
            del self.titles[conversation], self.leaves[conversation]
        self.nodes = {
            message_id: n
            for message_id, n in self.nodes.items()
            if n.trashed_with is None and n.conversation not in self.trash
        }
        self.trash.clear()


class Play:
    """Random operations on the store and the model alike."""

    def __init__(self, store: Conversations, seed: int) -> None:
        self.store, self.model, self.random = store, Model(), random.Random(seed)
        self.actions = [
            *[self.create] * 2,
            *[self.add] * 8,
            *[self.begin] * 4,
            *[self.append] * 6,
            *[self.finish] * 4,
            *[self.go_on] * 2,
            *[self.trash_branch] * 3,
            *[self.restore_branch] * 3,
            *[self.set_leaf] * 3,
            self.rename,
            self.trash,
            self.restore,
            self.empty_trash,
        ]

    def step(self) -> None:
        self.random.choice(self.actions)()

    def words(self) -> str:
        return " ".join(self.random.choices(["été", "token", "model", "Été!", "x-y", '"q"', ""], k=5))

    def conversation(self) -> int | None:
        return self.random.choice([one for one in self.model.titles if one not in self.model.trash] or [None])

    def node(self, state: MessageState | None = None) -> Node | None:
        nodes = [n for n in self.model.nodes.values() if n.trashed_with is None and (state is None or n.state is state)]
        return self.random.choice([n for n in nodes if n.conversation not in self.model.trash] or [None])

    def create(self) -> None:
        title = self.words()
        created = self.store.create(title).id
        self.model.titles[created], self.model.leaves[created] = title, None

    def add(self) -> None:
        if (conversation := self.conversation()) is not None:
            parent, text = self.random.choice([None, *self.model.live(conversation)[-4:]]), self.words()
            message = self.store.add_message(conversation, parent, Role.USER, text)
            self.model.add(message.id, conversation, parent, text, MessageState.COMPLETE)

    def begin(self) -> None:
        if (node := self.node()) is not None:
            message = self.store.begin_reply(node.conversation, node.id)
            self.model.add(message.id, node.conversation, node.id, "", MessageState.STREAMING)

    def append(self) -> None:
        if (node := self.node(MessageState.STREAMING)) is not None:
            text = self.words()
            self.store.append_reply(node.id, text)
            node.content += text

    def finish(self) -> None:
        if (node := self.node(MessageState.STREAMING)) is not None:
            node.state = self.random.choice([MessageState.COMPLETE, MessageState.FAILED])
            self.store.finish_reply(node.id, node.state)

    def go_on(self) -> None:
        if (node := self.node(MessageState.FAILED)) is not None:
            self.store.continue_reply(node.id)
            node.state = MessageState.STREAMING

    def trash_branch(self) -> None:
        if (node := self.node()) is not None:
            self.store.trash_branch(node.id)
            self.model.trash_branch(node.id)

    def restore_branch(self) -> None:
        trashed = [
            message_id for message_id in self.model.nodes if self.model.nodes[message_id].trashed_with is not None
        ]
        if not trashed:
            return
        message_id = self.random.choice(trashed)
        if self.model.can_restore(message_id):
            self.store.restore_branch(message_id)
            self.model.restore_branch(message_id)
        else:
            with pytest.raises(UsageError):
                self.store.restore_branch(message_id)

    def set_leaf(self) -> None:
        if (node := self.node()) is not None:
            self.store.set_leaf(node.conversation, node.id)
            self.model.leaves[node.conversation] = node.id

    def rename(self) -> None:
        if (conversation := self.conversation()) is not None:
            self.model.titles[conversation] = title = self.words()
            self.store.rename(conversation, title)

    def trash(self) -> None:
        if (conversation := self.conversation()) is not None:
            self.store.trash(conversation)
            self.model.trash.add(conversation)

    def restore(self) -> None:
        if self.model.trash:
            conversation = self.random.choice(sorted(self.model.trash))
            self.store.restore(conversation)
            self.model.trash.remove(conversation)

    def empty_trash(self) -> None:
        self.store.empty_trash()
        self.model.empty_trash()

    def compare(self) -> None:
        model = self.model
        assert {c.id: c.title for c in self.store.recent()} == {
            one: title for one, title in model.titles.items() if one not in model.trash
        }
        assert {c.id for c in self.store.trashed()} == model.trash
        for conversation in model.titles:
            assert self.store.get(conversation).leaf_id == model.leaves[conversation]
            found = [(m.id, m.parent_id, m.content, m.state) for m in self.store.tree(conversation).messages.values()]
            nodes = [model.nodes[message_id] for message_id in model.live(conversation)]
            assert found == [(n.id, n.parent, n.content, n.state) for n in nodes]
        found_ids = {hit.message_id for hit in self.store.search('"token"', 10_000)} - {None}
        assert found_ids == {
            n.id
            for n in model.nodes.values()
            if n.trashed_with is None
            and n.conversation not in model.trash
            and n.state is not MessageState.STREAMING
            and self.has_token(n.content)
        }

    @staticmethod
    def has_token(text: str) -> bool:
        return any(word == "token" for word in "".join(c if c.isalnum() else " " for c in text).split())


@pytest.mark.parametrize("seed", range(6))
def test_random_operations_agree_with_the_model(database: Database, seed: int) -> None:
    play = Play(store_of(database), seed)
    for count in range(300):
        play.step()
        if count % 30 == 0:
            play.compare()
            check_index(database)
    play.compare()
    check_index(database)
    assert database.check() == ()
    assert len(play.model.nodes) > 20
