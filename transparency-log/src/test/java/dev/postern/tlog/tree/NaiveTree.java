package dev.postern.tlog.tree;

import java.util.ArrayList;
import java.util.List;

/// RFC 9162, section 2.1, word for word and as slow as that.
public final class NaiveTree {

    private NaiveTree() {}

    public static Hash root(List<byte[]> entries) {
        if (entries.isEmpty()) {
            return Hash.EMPTY;
        }
        if (entries.size() == 1) {
            return Hash.leaf(entries.getFirst());
        }
        int k = split(entries.size());
        return Hash.node(root(entries.subList(0, k)), root(entries.subList(k, entries.size())));
    }

    public static List<Hash> path(int m, List<byte[]> entries) {
        if (entries.size() == 1) {
            return List.of();
        }
        int k = split(entries.size());
        List<byte[]> left = entries.subList(0, k);
        List<byte[]> right = entries.subList(k, entries.size());
        return m < k ? append(path(m, left), root(right)) : append(path(m - k, right), root(left));
    }

    public static List<Hash> proof(int m, List<byte[]> entries) {
        return subproof(m, entries, true);
    }

    private static List<Hash> subproof(int m, List<byte[]> entries, boolean complete) {
        if (m == entries.size()) {
            return complete ? List.of() : List.of(root(entries));
        }
        int k = split(entries.size());
        List<byte[]> left = entries.subList(0, k);
        List<byte[]> right = entries.subList(k, entries.size());
        return m <= k
                ? append(subproof(m, left, complete), root(right))
                : append(subproof(m - k, right, false), root(left));
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }

    private static List<Hash> append(List<Hash> list, Hash hash) {
        List<Hash> longer = new ArrayList<>(list);
        longer.add(hash);
        return longer;
    }
}
