package dev.postern.policy;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelVarDecl;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compiles conditions: a part of CEL without time zones, regular expressions, bytes or untyped values, whose cost is
/// known before it runs.
///
/// Thread-safe. Making one is expensive: one per process will do.
final class Conditions {

    static final String IP_IN_RANGE = "ipInRange";

    /// The most one condition may cost; about 20 microseconds.
    static final int MAX_COST = 1_000;

    private static final int MAX_NODES = 512;
    private static final int MAX_DEPTH = 32;

    private static final Set<StandardFunction> FUNCTIONS = EnumSet.of(
            StandardFunction.CONDITIONAL,
            StandardFunction.LOGICAL_NOT,
            StandardFunction.LOGICAL_OR,
            StandardFunction.LOGICAL_AND,
            StandardFunction.NOT_STRICTLY_FALSE,
            StandardFunction.EQUALS,
            StandardFunction.NOT_EQUALS,
            StandardFunction.LESS,
            StandardFunction.LESS_EQUALS,
            StandardFunction.GREATER,
            StandardFunction.GREATER_EQUALS,
            StandardFunction.ADD,
            StandardFunction.SUBTRACT,
            StandardFunction.MULTIPLY,
            StandardFunction.DIVIDE,
            StandardFunction.MODULO,
            StandardFunction.NEGATE,
            StandardFunction.IN,
            StandardFunction.INDEX,
            StandardFunction.SIZE,
            StandardFunction.STARTS_WITH,
            StandardFunction.ENDS_WITH,
            StandardFunction.CONTAINS);

    private static final Set<CelKind> KINDS =
            EnumSet.of(CelKind.BOOL, CelKind.INT, CelKind.DOUBLE, CelKind.STRING, CelKind.LIST, CelKind.MAP);

    private final CelCompiler compiler;
    private final CelRuntime runtime;
    private final int maxCost;

    Conditions() {
        this(MAX_COST, MAX_COST);
    }

    /// @param maxCost that a condition may be estimated at
    /// @param maxRounds of loops when it runs; belt and braces, since the estimate bounds them already
    Conditions(int maxCost, int maxRounds) {
        this.maxCost = maxCost;
        CelOptions options = CelOptions.current()
                .enableHeterogeneousNumericComparisons(true)
                .maxExpressionCodePointSize(PolicySet.MAX_CONDITION)
                .maxParseExpressionNodeCount(MAX_NODES)
                .maxParseRecursionDepth(MAX_DEPTH)
                .comprehensionMaxIterations(maxRounds)
                .build();
        this.compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .filterFunctions((function, overload) -> FUNCTIONS.contains(function))
                        .filterIdentifiers(identifier -> false)
                        .build())
                .setStandardMacros(
                        CelStandardMacro.ALL,
                        CelStandardMacro.EXISTS,
                        CelStandardMacro.EXISTS_ONE,
                        CelStandardMacro.FILTER,
                        CelStandardMacro.MAP)
                .addVarDeclarations(FactVariables.TABLE.values().stream()
                        .map(variable -> CelVarDecl.newVarDeclaration(variable.name(), variable.type()))
                        .toList())
                .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        IP_IN_RANGE,
                        CelOverloadDecl.newGlobalOverload(
                                "ipInRange_string_string", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING)))
                .setResultType(SimpleType.BOOL)
                .build();
        this.runtime = CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(options)
                .addFunctionBindings(CelFunctionBinding.from(
                        "ipInRange_string_string", String.class, String.class, AddressRanges::contains))
                .build();
    }

    /// The condition, or nothing: then the problem has been said at the cursor's place.
    Optional<Condition> compile(String path, String text, List<Problem> problems) {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(text).getAst();
            int before = problems.size();
            requirePlainTypes(path, tree, problems);
            AddressRanges.requireLiterals(path, tree.getExpr(), problems);
            double cost = ConditionCost.of(tree);
            if (cost > maxCost) {
                problems.add(new Problem(path, tooExpensive(cost)));
            }
            return problems.size() > before
                    ? Optional.empty()
                    : Optional.of(new Condition(runtime.createProgram(tree), cost));
        } catch (CelValidationException e) {
            e.getErrors().stream().limit(5).forEach(issue -> problems.add(new Problem(path, sentence(issue))));
        } catch (CelEvaluationException | RuntimeException _) {
            problems.add(new Problem(path, "The condition cannot be compiled."));
        }
        return Optional.empty();
    }

    private static void requirePlainTypes(String path, CelAbstractSyntaxTree tree, List<Problem> problems) {
        if (!tree.getTypeMap().values().stream().allMatch(Conditions::isPlain)) {
            problems.add(new Problem(
                    path,
                    "A value here has no plain type: there are bool, int, double, string, and lists and maps of one"
                            + " of them."));
        }
    }

    private static boolean isPlain(CelType type) {
        return KINDS.contains(type.kind()) && type.parameters().stream().allMatch(Conditions::isPlain);
    }

    private String tooExpensive(double cost) {
        return "The condition could cost " + (cost > 1e9 ? "over 1000000000" : Long.toString(Math.round(cost)))
                + " steps and at most " + maxCost + " are allowed: lists have up to " + Facts.MAX_LIST
                + " elements, and loops in loops multiply.";
    }

    private static String sentence(CelIssue issue) {
        return "The condition is wrong at line " + issue.getSourceLocation().getLine() + ", column "
                + (issue.getSourceLocation().getColumn() + 1) + ": "
                + issue.getMessage().lines().findFirst().orElse("it cannot be read") + ".";
    }
}
