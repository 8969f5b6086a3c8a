package dev.postern.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The most that evaluating a checked condition can cost, whatever the facts are. One unit is about one step of
/// evaluation: a variable read, an operator, a call.
///
/// Guarantee: an upper bound, because every text and list of [Facts] is bounded and the language's only loops go over
/// those, over literals and over what was made of them.
final class ConditionCost {

    private static final double ADDRESS_STEPS = 8;
    private static final double LOOP_STEPS = 4;
    /// Going over elements or characters inside one step.
    private static final double PER_STEP = 16;

    private final CelAbstractSyntaxTree tree;

    private ConditionCost(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    static double of(CelAbstractSyntaxTree checked) {
        return new ConditionCost(checked).cost(checked.getExpr(), Map.of());
    }

    private double cost(CelExpr expr, Map<String, Bound> locals) {
        return switch (expr.getKind()) {
            case CONSTANT -> 1;
            case IDENT -> 1 + (isText(expr) ? 0 : bound(expr, locals).size() / PER_STEP);
            case SELECT -> 1 + cost(expr.select().operand(), locals);
            case CALL -> call(expr.call(), locals);
            case LIST -> 1 + all(expr.list().elements(), locals);
            case MAP ->
                1
                        + expr.map().entries().stream()
                                .mapToDouble(entry -> 1 + cost(entry.key(), locals) + cost(entry.value(), locals))
                                .sum();
            case COMPREHENSION -> loop(expr.comprehension(), locals);
            // Neither is in the language that conditions are written in.
            case STRUCT, NOT_SET -> Double.POSITIVE_INFINITY;
        };
    }

    private double all(List<CelExpr> exprs, Map<String, Bound> locals) {
        return exprs.stream().mapToDouble(expr -> cost(expr, locals)).sum();
    }

    private double call(CelExpr.CelCall call, Map<String, Bound> locals) {
        double steps = 1 + all(call.args(), locals);
        double touched = call.args().stream()
                .mapToDouble(arg -> bound(arg, locals).size())
                .sum();
        if (call.target().isPresent()) {
            steps += cost(call.target().get(), locals);
            touched += bound(call.target().get(), locals).size();
        }
        return steps + touched / PER_STEP + (call.function().equals(Conditions.IP_IN_RANGE) ? ADDRESS_STEPS : 0);
    }

    private double loop(CelExpr.CelComprehension loop, Map<String, Bound> locals) {
        double rounds = bound(loop.iterRange(), locals).size();
        Map<String, Bound> inside = inside(loop, locals, rounds);
        return LOOP_STEPS
                + cost(loop.iterRange(), locals)
                + cost(loop.accuInit(), locals)
                + rounds * (LOOP_STEPS + cost(loop.loopCondition(), inside) + cost(loop.loopStep(), inside))
                + cost(loop.result(), inside);
    }

    private Map<String, Bound> inside(CelExpr.CelComprehension loop, Map<String, Bound> locals, double accumulated) {
        Map<String, Bound> inside = new HashMap<>(locals);
        inside.put(loop.iterVar(), bound(loop.iterRange(), locals).element());
        inside.put(loop.accuVar(), new Bound(accumulated, null));
        return inside;
    }

    private Bound bound(CelExpr expr, Map<String, Bound> locals) {
        return switch (expr.getKind()) {
            case CONSTANT ->
                expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
                        ? Bound.text(expr.constant().stringValue().length())
                        : Bound.SCALAR;
            case IDENT -> variable(expr.ident().name(), locals);
            case CALL -> result(expr.call(), locals);
            case LIST ->
                new Bound(
                        expr.list().elements().size(),
                        expr.list().elements().stream()
                                .map(element -> bound(element, locals))
                                .reduce(Bound.SCALAR, Bound::or));
            case MAP ->
                new Bound(
                        expr.map().entries().size(),
                        expr.map().entries().stream()
                                .map(entry -> bound(entry.key(), locals).or(bound(entry.value(), locals)))
                                .reduce(Bound.SCALAR, Bound::or));
            case COMPREHENSION -> collected(expr, expr.comprehension(), locals);
            case SELECT -> bound(expr.select().operand(), locals).element();
            case STRUCT, NOT_SET -> Bound.SCALAR;
        };
    }

    private static Bound variable(String name, Map<String, Bound> locals) {
        Bound local = locals.get(name);
        if (local != null) {
            return local;
        }
        // A leading dot: the variable, not the local that hides it.
        FactVariables.Variable variable = FactVariables.TABLE.get(name.startsWith(".") ? name.substring(1) : name);
        if (variable == null) {
            return Bound.SCALAR;
        }
        return switch (variable.type().kind()) {
            case LIST -> new Bound(variable.size(), Bound.text(Facts.MAX_TEXT));
            case STRING -> Bound.text(variable.size());
            default -> Bound.SCALAR;
        };
    }

    private Bound result(CelExpr.CelCall call, Map<String, Bound> locals) {
        return switch (call.function()) {
            case "_+_" ->
                bound(call.args().get(0), locals).plus(bound(call.args().get(1), locals));
            case "_?_:_" ->
                bound(call.args().get(1), locals).or(bound(call.args().get(2), locals));
            case "_[_]" -> bound(call.args().get(0), locals).element();
            default -> Bound.SCALAR;
        };
    }

    /// What a loop makes: as many elements as it has rounds, or one value.
    private Bound collected(CelExpr expr, CelExpr.CelComprehension loop, Map<String, Bound> locals) {
        if (kind(expr) != CelKind.LIST) {
            return Bound.SCALAR;
        }
        Bound added = bound(loop.loopStep(), inside(loop, locals, 0));
        return new Bound(added.size() * bound(loop.iterRange(), locals).size(), added.of());
    }

    private boolean isText(CelExpr expr) {
        return kind(expr) == CelKind.STRING;
    }

    private CelKind kind(CelExpr expr) {
        return tree.getTypeOrThrow(expr.id()).kind();
    }
}
