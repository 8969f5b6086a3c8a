package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Rules that are looked for together, and what proposes places for them. Safe for any number of threads.
final class RuleGroup {
    private final RuleIndex index;
    private final CandidateScanner scanner;
    private final Pool<Workspace> workspaces;
    /// By the entities that are wanted.
    private final Map<Set<Entity>, WeakReference<GrowingGroup>> growing = new HashMap<>();

    RuleGroup(RuleIndex index, CandidateScanner scanner) {
        this.index = index;
        this.scanner = scanner;
        this.workspaces = new Pool<>(() -> new Workspace(index));
    }

    /// What it found in one text. It must be closed, unless something failed: what was under way then holds text.
    ///
    /// @param workspace whose candidates the scoring goes by
    record Found(RuleGroup group, Workspace workspace, Scoring scoring, List<Verification.Match> matches) {
        void close() {
            workspace.end();
            group.workspaces.give(workspace);
        }
    }

    /// The matches of wanted entities.
    ///
    /// @param least score that a match must come to
    /// @param sureEnough whether one that does is reported
    Found find(
            ScannedText text,
            RuleScanner.Surroundings surroundings,
            Predicate<Entity> wanted,
            double least,
            Predicate<Span> sureEnough) {
        Workspace workspace = workspaces.take();
        workspace.begin(text.text());
        Candidates candidates = workspace.candidates();
        scanner.scan(text.text(), candidates);
        Scoring scoring = new Scoring(
                index,
                text,
                candidates,
                least,
                sureEnough,
                surroundings,
                candidates.count() == 0 ? Scoring.NO_PHRASES : Scoring.keyPhrases(index, text.key()));
        List<Verification.Match> matches = candidates.count() == 0
                ? List.of()
                : new Verification(index, text.text(), workspace, scoring, null).matches(wanted);
        return new Found(this, workspace, scoring, matches);
    }

    /// The rules of wanted entities for texts that arrive piece by piece. Who wants the same of them shares what is
    /// costly, while somebody holds it.
    GrowingGroup growing(Predicate<Entity> wanted) {
        Set<Entity> entities =
                index.rules().stream().map(Rule::entity).filter(wanted).collect(Collectors.toUnmodifiableSet());
        synchronized (growing) {
            WeakReference<GrowingGroup> kept = growing.get(entities);
            GrowingGroup known = kept == null ? null : kept.get();
            if (known != null) {
                return known;
            }
            GrowingGroup made = new GrowingGroup(index.of(entities::contains));
            growing.values().removeIf(other -> other.refersTo(null));
            growing.put(entities, new WeakReference<>(made));
            return made;
        }
    }
}
