package dev.postern.redact.check;

import com.google.i18n.phonenumbers.Phonemetadata.PhoneNumberDesc;

/// National numbers of one kind.
///
/// @param lengths bits
record NumberRange(long lengths, DigitPattern pattern) {
    static NumberRange of(PhoneNumberDesc numbers) {
        // Where a kind names no lengths, those of all numbers count, and these are asked as well.
        long lengths = numbers.getPossibleLengthCount() == 0 ? -1L : 0;
        for (int length : numbers.getPossibleLengthList()) {
            lengths |= length < 0 ? 0 : 1L << length;
        }
        return new NumberRange(lengths, DigitPattern.of(numbers.getNationalNumberPattern()));
    }

    boolean hasLength(int length) {
        return length >= 0 && length < Long.SIZE && (lengths >>> length & 1) != 0;
    }

    /// Whether the digits from a place on are such a number.
    boolean holds(String digits, int from) {
        return !pattern.isEmpty() && hasLength(digits.length() - from) && pattern.matches(digits, from);
    }
}
