"""Trees as arrays: they give the same as those of scikit-learn."""

import io

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingClassifier

from winnow.models.trees import Trees

RANDOM = np.random.default_rng(0)
ROWS = np.column_stack([RANDOM.normal(size=(800, 4)), RANDOM.integers(0, 3, size=(800, 3))])
CLASSES = ROWS[:, 0] + ROWS[:, 1] * ROWS[:, 4] + RANDOM.normal(size=800) > 0
UNSEEN = np.vstack(
    [RANDOM.normal(size=(300, 7)), np.full((1, 7), np.inf), np.full((1, 7), -np.inf), ROWS[:50]]
)


def fitted(**options: object) -> HistGradientBoostingClassifier:
    options = {"max_iter": 8, "early_stopping": False} | options
    return HistGradientBoostingClassifier(**options).fit(ROWS, CLASSES)


SHAPES = [{}, {"max_depth": 2}, {"max_leaf_nodes": None, "max_depth": 9}, {"max_leaf_nodes": 2}]


@pytest.mark.parametrize("options", SHAPES, ids=str)
def test_scores_are_those_of_the_classifier_to_the_last_bit(options: dict[str, object]) -> None:
    classifier = fitted(**options)
    assert np.array_equal(Trees.of(classifier).raw_scores(UNSEEN), classifier.decision_function(UNSEEN))


def test_trees_read_from_their_arrays_give_the_same_scores() -> None:
    trees, stream = Trees.of(fitted()), io.BytesIO()
    np.savez(stream, allow_pickle=False, **trees.arrays())
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as arrays:
        again = Trees.from_arrays(arrays)
    assert np.array_equal(again.raw_scores(UNSEEN), trees.raw_scores(UNSEEN))


def test_many_rows_are_walked_in_parts_with_the_same_scores() -> None:
    trees = Trees.of(fitted())
    many = np.tile(UNSEEN, (30, 1))
    assert np.array_equal(trees.raw_scores(many), np.tile(trees.raw_scores(UNSEEN), 30))


def test_a_lone_row_has_the_score_that_it_has_among_others() -> None:
    trees = Trees.of(fitted(max_iter=300, learning_rate=0.03))
    together = trees.raw_scores(UNSEEN)
    assert [trees.raw_scores(row[None, :])[0] for row in UNSEEN] == together.tolist()


def test_no_rows_have_no_scores() -> None:
    assert Trees.of(fitted()).raw_scores(np.zeros((0, 7))).shape == (0,)


def test_three_classes_are_refused() -> None:
    classifier = HistGradientBoostingClassifier(max_iter=2).fit(ROWS, ROWS[:, 4])
    with pytest.raises(ValueError, match="two classes"):
        Trees.of(classifier)


def test_features_without_an_order_are_refused() -> None:
    classifier = HistGradientBoostingClassifier(max_iter=2, categorical_features=[4]).fit(ROWS, CLASSES)
    with pytest.raises(ValueError, match="numerical features"):
        Trees.of(classifier)


def test_a_forest_gives_its_mean_and_the_steps_of_its_paths_add_up_to_it() -> None:
    forest = ExtraTreesRegressor(12, min_samples_leaf=3, random_state=0).fit(ROWS, CLASSES)
    trees = Trees.of_forest(forest)
    scores = trees.raw_scores(ROWS[:40])
    assert np.allclose(scores, forest.predict(ROWS[:40]), atol=1e-4)
    paths = np.array([trees.path_contributions(row) for row in ROWS[:40]])
    assert np.allclose(paths.sum(axis=1) + trees.values[trees.roots].sum(), scores, atol=1e-9)
