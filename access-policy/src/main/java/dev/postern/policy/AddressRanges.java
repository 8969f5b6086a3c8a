package dev.postern.policy;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.postern.token.IpRange;
import java.util.List;
import java.util.stream.Stream;

/// `ipInRange(address, cidr)`: whether an address lies in a block. IPv4-mapped IPv6 addresses are IPv4 addresses.
///
/// An address that is not one, the empty one included, fails the condition: a deny then denies and an allow does not
/// allow. The block is a literal and is read when the condition is compiled.
final class AddressRanges {

    private AddressRanges() {}

    static boolean contains(String address, String cidr) {
        return IpRange.parse(cidr).contains(IpRange.literal(address));
    }

    /// Says where a block is not one, or not written down.
    static void requireLiterals(String path, CelExpr expr, List<Problem> problems) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.CALL
                && expr.call().function().equals(Conditions.IP_IN_RANGE)) {
            CelExpr block = expr.call().args().get(1);
            if (block.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                    || block.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
                problems.add(new Problem(path, "The second argument of ipInRange is written as a literal."));
            } else if (!isBlock(block.constant().stringValue())) {
                problems.add(new Problem(
                        path, "The second argument of ipInRange is a block like 10.0.0.0/8 or 2001:db8::/32."));
            }
        }
        children(expr).forEach(child -> requireLiterals(path, child, problems));
    }

    private static boolean isBlock(String text) {
        try {
            IpRange.parse(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Stream<CelExpr> children(CelExpr expr) {
        return switch (expr.getKind()) {
            case CALL -> Stream.concat(expr.call().target().stream(), expr.call().args().stream());
            case SELECT -> Stream.of(expr.select().operand());
            case LIST -> expr.list().elements().stream();
            case MAP -> expr.map().entries().stream().flatMap(entry -> Stream.of(entry.key(), entry.value()));
            case COMPREHENSION ->
                Stream.of(
                        expr.comprehension().iterRange(),
                        expr.comprehension().accuInit(),
                        expr.comprehension().loopCondition(),
                        expr.comprehension().loopStep(),
                        expr.comprehension().result());
            case CONSTANT, IDENT, STRUCT, NOT_SET -> Stream.empty();
        };
    }
}
