package dev.postern.redact.name;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/// The classes of known words, by the hash of their lower-case form: an open table, half full, without the words.
/// Of a million unknown words a few dozen are taken for a known one.
final class Gazetteer {
    private final int[] words;
    private final short[] classes;
    private final int mask;
    private final int size;

    private Gazetteer(int size) {
        this.size = size;
        int slots = Integer.highestOneBit(Math.max(size, 8)) * 4;
        words = new int[slots];
        classes = new short[slots];
        mask = slots - 1;
    }

    /// From classes by word hash.
    static Gazetteer of(Map<Integer, Integer> known) {
        Gazetteer gazetteer = new Gazetteer(known.size());
        known.forEach(gazetteer::put);
        return gazetteer;
    }

    private void put(int word, int wordClasses) {
        int slot = word & mask;
        while (classes[slot] != 0 && words[slot] != word) {
            slot = (slot + 1) & mask;
        }
        words[slot] = word;
        classes[slot] = (short) wordClasses;
    }

    /// 0 when the word is not known.
    int classes(int word) {
        int slot = word & mask;
        while (classes[slot] != 0) {
            if (words[slot] == word) {
                return classes[slot] & 0xFFFF;
            }
            slot = (slot + 1) & mask;
        }
        return 0;
    }

    int size() {
        return size;
    }

    private int[] sortedWords() {
        int[] sorted = new int[size];
        int n = 0;
        for (int slot = 0; slot < words.length; slot++) {
            if (classes[slot] != 0) {
                sorted[n++] = words[slot];
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    static Gazetteer read(ByteBuffer in) {
        int size = in.getInt();
        Gazetteer gazetteer = new Gazetteer(size);
        int word = Integer.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            word += varint(in);
            gazetteer.put(word, in.getShort());
        }
        return gazetteer;
    }

    void write(ByteBuffer out) {
        out.putInt(size);
        int before = Integer.MIN_VALUE;
        for (int word : sortedWords()) {
            int delta = word - before;
            before = word;
            while ((delta & ~0x7F) != 0) {
                out.put((byte) (delta | 0x80));
                delta >>>= 7;
            }
            out.put((byte) delta);
            out.putShort((short) classes(word));
        }
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
