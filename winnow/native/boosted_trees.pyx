"""Sums of the leaves that rows of features lead to, for four rows at once: a processor waits for one node meanwhile."""

from libc.stdint cimport int32_t, int64_t

import numpy as np

cdef packed struct Node:
    double threshold
    int32_t feature
    int32_t child


cdef inline int32_t below(const Node* nodes, int32_t at, const double* row) noexcept nogil:
    """The node below one, by what it tests; a leaf's own place."""
    return nodes[at].child + (row[nodes[at].feature] > nodes[at].threshold)


def leaf_sums(trees, rows):
    """See `winnow.models.trees.leaf_sums`."""
    cdef const double[:, ::1] x = np.ascontiguousarray(rows, dtype=np.float64)
    cdef const Node[::1] packed = trees.nodes
    cdef const int64_t[::1] roots = trees.roots
    cdef const double[::1] values = trees.values
    cdef Py_ssize_t n = x.shape[0], row, tree
    cdef int depth = trees.depth, step
    cdef int32_t root, a, b, c, d, a2, b2, c2, d2
    cdef const Node* nodes
    cdef const double* first
    cdef const double* second
    cdef const double* third
    cdef const double* fourth
    if x.shape[1] < trees.columns:
        raise IndexError(f"rows have {x.shape[1]} features, and trees test {trees.columns}")
    sums = np.full(n, trees.baseline)
    cdef double[::1] out = sums
    if not n or not roots.shape[0]:
        return sums
    nodes = &packed[0]
    with nogil:
        for tree in range(roots.shape[0]):
            root = <int32_t>roots[tree]
            row = 0
            while row + 4 <= n:
                first = &x[row, 0]
                second = &x[row + 1, 0]
                third = &x[row + 2, 0]
                fourth = &x[row + 3, 0]
                a = b = c = d = root
                for step in range(depth):
                    a2 = below(nodes, a, first)
                    b2 = below(nodes, b, second)
                    c2 = below(nodes, c, third)
                    d2 = below(nodes, d, fourth)
                    if a2 == a and b2 == b and c2 == c and d2 == d:
                        break
                    a, b, c, d = a2, b2, c2, d2
                out[row] += values[a]
                out[row + 1] += values[b]
                out[row + 2] += values[c]
                out[row + 3] += values[d]
                row += 4
            while row < n:
                first = &x[row, 0]
                a = root
                for step in range(depth):
                    a = below(nodes, a, first)
                out[row] += values[a]
                row += 1
    return sums
