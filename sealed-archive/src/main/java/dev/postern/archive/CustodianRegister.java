package dev.postern.archive;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whose decisions count: custodians with the keys they have, and had. A custodian whose key was replaced has a line
/// for each, so that they still decide on bodies that were sealed to the older one.
///
/// Not guaranteed: that a decision was made with the key that the body was sealed to. A key that somebody else may have
/// must leave the register; with it what was sealed to it is lost to that custodian.
///
/// @param all 2 to 64 keys, of 2 custodians at least
public record CustodianRegister(List<Custodian> all) {
    private static final int MOST = 64;

    public CustodianRegister {
        all = List.copyOf(all);
        long names = all.stream().map(Custodian::name).distinct().count();
        if (names < Custodians.FEWEST || all.size() > MOST) {
            throw new IllegalArgumentException("opening needs 2 custodians at least, with " + MOST + " keys at most");
        }
        Set<Object> seen = new HashSet<>();
        for (Custodian custodian : all) {
            if (!seen.add(custodian.recipient()) || !seen.add(custodian.signing())) {
                throw new IllegalArgumentException("custodian " + custodian.name() + " has a key that is there twice");
            }
        }
    }

    /// Lines as [Custodian#line], empty ones and those that begin with `#` left out.
    ///
    /// @throws IllegalArgumentException with the number of the line at fault
    public static CustodianRegister parse(List<String> lines) {
        return new CustodianRegister(Custodian.parseAll(lines));
    }

    /// Whether there is a custodian of this name.
    public boolean holds(String name) {
        return all.stream().anyMatch(custodian -> custodian.name().equals(name));
    }

    /// Whether the custodian of this name made the decision, with one of their keys.
    public boolean made(String name, OpeningDecision decision, byte[] signature) {
        return all.stream().anyMatch(custodian -> custodian.name().equals(name) && custodian.made(decision, signature));
    }

    @Override
    public String toString() {
        return all.stream().map(Custodian::toString).collect(Collectors.joining(", ", "CustodianRegister[", "]"));
    }
}
