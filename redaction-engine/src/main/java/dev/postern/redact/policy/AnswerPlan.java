package dev.postern.redact.policy;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.Look;
import dev.postern.redact.scan.Selection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;

/// A [Plan] for what a model wrote itself. Lists, thresholds and languages are the plan's. Immutable; safe for any
/// number of threads; prints nothing of its lists.
public final class AnswerPlan implements Selection {
    private final Plan plan;
    private final Predicate<Entity> open;

    AnswerPlan(Plan plan, Predicate<Entity> open) {
        this.plan = plan;
        this.open = open;
    }

    @Override
    public boolean wants(Entity entity) {
        return plan.leftOutOfAnswers(entity, open);
    }

    /// Whether it denies values, whatever it wants.
    public boolean denies() {
        return plan.denies();
    }

    @Override
    public int precedence(Entity entity) {
        return plan.precedence(entity);
    }

    @Override
    public OptionalDouble lowestScore() {
        return plan.lowestScore();
    }

    @Override
    public boolean sureEnough(Span span) {
        return plan.sureEnough(span);
    }

    @Override
    public Set<String> languages() {
        return plan.languages();
    }

    @Override
    public void edit(String text, int from, int to, List<Span> found) {
        plan.edit(text, from, to, found);
    }

    @Override
    public void allow(String text, List<Span> found) {
        plan.allow(text, found);
    }

    @Override
    public void hold(String text, int from, Look look) {
        plan.hold(text, from, look);
    }

    @Override
    public Allowed allowed(String value) {
        return plan.allowed(value);
    }

    @Override
    public String toString() {
        return "Answer" + plan;
    }
}
