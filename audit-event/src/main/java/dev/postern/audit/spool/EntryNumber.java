package dev.postern.audit.spool;

/// What the spool knows about an entry when it writes it.
///
/// @param spool     16 hexadecimal digits, drawn when the directory was made; numbering belongs to it
/// @param run       8 hexadecimal digits, drawn at each opening
/// @param sequence  from 1, rising by one, across restarts
public record EntryNumber(String spool, String run, long sequence) {

    /// Unique even if a damaged disk makes a number be given twice.
    public String id() {
        return spool + "." + run + "." + sequence;
    }
}
