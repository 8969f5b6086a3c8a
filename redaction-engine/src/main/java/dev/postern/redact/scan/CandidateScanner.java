package dev.postern.redact.scan;

/// Looks once at every character of a text and proposes where rules may match and where phrases stand. What it proposes
/// is verified elsewhere, so two scanners give equal spans when neither leaves out a place where a rule matches.
interface CandidateScanner {
    void scan(CharSequence text, Candidates candidates);
}
