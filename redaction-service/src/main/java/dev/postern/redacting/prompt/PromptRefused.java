package dev.postern.redacting.prompt;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.Treatment;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A prompt that cannot be read or held, or that its tenant's policy blocks, so that nothing of it may be sent on.
public final class PromptRefused extends Exception {
    private final boolean tooLarge;
    private final transient List<String> blocked;

    PromptRefused() {
        this("prompt refused", false, List.of());
    }

    private PromptRefused(String message, boolean tooLarge, Collection<String> blocked) {
        super(message, null, false, false);
        this.tooLarge = tooLarge;
        this.blocked = blocked.stream().sorted().distinct().toList();
    }

    static PromptRefused tooMuch() {
        return new PromptRefused("prompt with too much in it", true, List.of());
    }

    /// Lets pass what no plan blocks.
    ///
    /// @throws PromptRefused naming the kinds, when there are entities that the plan blocks
    public static void whenBlocked(Collection<Entity> found, Plan plan) throws PromptRefused {
        Set<String> kinds = found.stream()
                .filter(entity -> plan.treatment(entity) == Treatment.BLOCK)
                .map(Entity::kind)
                .collect(Collectors.toSet());
        if (!kinds.isEmpty()) {
            throw blocked(kinds);
        }
    }

    /// @param kinds of the values that the policy blocks
    static PromptRefused blocked(Collection<String> kinds) {
        return new PromptRefused("prompt blocked by policy", false, kinds);
    }

    /// Whether it holds more leaves or values than may be kept in memory.
    public boolean tooLarge() {
        return tooLarge;
    }

    /// The kinds of values in it that the policy blocks, in order; none when something else is wrong.
    public List<String> blocked() {
        return blocked;
    }
}
