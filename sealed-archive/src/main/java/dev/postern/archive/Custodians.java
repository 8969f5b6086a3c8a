package dev.postern.archive;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Those of whom any two open a body that is sealed from now on. Whose decisions count, of bodies that were sealed to
/// keys they had before too, says the [CustodianRegister].
///
/// @param all 2 to 16, each with a name and keys of their own
public record Custodians(List<Custodian> all) {
    static final int FEWEST = 2;
    private static final int MOST = 16;

    public Custodians {
        all = List.copyOf(all);
        if (all.size() < FEWEST || all.size() > MOST) {
            throw new IllegalArgumentException("sealed bodies need 2 to 16 custodians");
        }
        Set<Object> seen = new HashSet<>();
        for (Custodian custodian : all) {
            if (!seen.add(custodian.name())) {
                throw new IllegalArgumentException("custodian " + custodian.name()
                        + " has two lines, and bodies are sealed to one key of each: leave the newest one here, and both"
                        + " in the audit-service's file");
            }
        }
        for (Custodian custodian : all) {
            if (!seen.add(custodian.recipient()) || !seen.add(custodian.signing())) {
                throw new IllegalArgumentException("custodian " + custodian.name() + " has a key that another has too");
            }
        }
    }

    /// Lines as [Custodian#line], empty ones and those that begin with `#` left out.
    ///
    /// @throws IllegalArgumentException with the number of the line at fault
    public static Custodians parse(List<String> lines) {
        return new Custodians(Custodian.parseAll(lines));
    }

    @Override
    public String toString() {
        return all.stream().map(Custodian::name).collect(Collectors.joining(", ", "Custodians[", "]"));
    }
}
