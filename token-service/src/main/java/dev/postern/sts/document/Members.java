package dev.postern.sts.document;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The members of a request's document, read with types. What is wrong is collected, so that a caller learns of all of
/// it at once; [#refuseIfInvalid] then ends the request. Until that was called, what the readers return may be
/// stand-ins.
public final class Members {

    private static final int MAX_ERRORS = 32;
    private static final int MAX_ELEMENTS = 256;

    private final JsonNode object;
    private final String path;
    private final List<InvalidMember> errors;

    private Members(JsonNode object, String path, List<InvalidMember> errors) {
        this.object = object;
        this.path = path;
        this.errors = errors;
    }

    public static Members of(JsonNode object) {
        return new Members(object, "", new ArrayList<>());
    }

    /// Refuses members that nobody would look at.
    public Members only(String... names) {
        Set<String> known = Set.of(names);
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                // The name is the caller's text; as a pointer it goes back to nobody but them.
                invalid(name.length() > 64 ? "" : name, "Leave this member out: it is not known here.");
            }
        }
        return this;
    }

    /// Says that a member is wrong.
    public void invalid(String name, String sentence) {
        if (errors.size() < MAX_ERRORS) {
            String escaped = name.replace("~", "~0").replace("/", "~1");
            errors.add(new InvalidMember(name.isEmpty() ? path : path + "/" + escaped, sentence));
        }
    }

    /// Ends the request if anything is wrong.
    ///
    /// @throws ProblemException 422 with everything that is wrong
    public void refuseIfInvalid() {
        if (!errors.isEmpty()) {
            throw new ProblemException(Problem.INVALID, errors);
        }
    }

    public boolean has(String name) {
        return object.has(name);
    }

    public @Nullable JsonNode get(String name) {
        return object.get(name);
    }

    public String text(String name, Pattern form, String sentence) {
        JsonNode value = object.get(name);
        if (value == null
                || !value.isString()
                || !form.matcher(value.stringValue()).matches()) {
            invalid(name, sentence);
            return "";
        }
        return value.stringValue();
    }

    public Optional<String> optionalText(String name, Pattern form, String sentence) {
        return has(name) ? Optional.of(text(name, form, sentence)) : Optional.empty();
    }

    /// One of a closed set, by its name on the wire.
    public <T> Optional<T> choice(String name, Map<String, T> choices) {
        JsonNode value = object.get(name);
        T chosen = value == null || !value.isString() ? null : choices.get(value.stringValue());
        if (chosen == null) {
            invalid(name, "Give one of: " + String.join(", ", choices.keySet()) + ".");
        }
        return Optional.ofNullable(chosen);
    }

    /// A set of strings; the empty set when the member is left out.
    public Set<String> texts(String name, Pattern form, String sentence) {
        JsonNode value = object.get(name);
        if (value == null) {
            return Set.of();
        }
        if (!value.isArray() || value.size() > MAX_ELEMENTS) {
            invalid(name, "Give an array of at most " + MAX_ELEMENTS + " strings.");
            return Set.of();
        }
        Set<String> texts = new LinkedHashSet<>();
        int index = 0;
        for (JsonNode element : value) {
            if (!element.isString() || !form.matcher(element.stringValue()).matches()) {
                errors.add(new InvalidMember(path + "/" + name + "/" + index, sentence));
            } else if (!texts.add(element.stringValue())) {
                errors.add(new InvalidMember(path + "/" + name + "/" + index, "Give each element once."));
            }
            index++;
        }
        return texts;
    }

    public OptionalLong number(String name, long least, long most) {
        JsonNode value = object.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            invalid(name, "Give a whole number from " + least + " to " + most + ".");
            return OptionalLong.empty();
        }
        return OptionalLong.of(value.longValue());
    }

    public boolean flag(String name) {
        JsonNode value = object.get(name);
        if (value != null && !value.isBoolean()) {
            invalid(name, "Give true or false.");
        }
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /// The members of a member that is an object.
    public Optional<Members> object(String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            invalid(name, "Give an object.");
            return Optional.empty();
        }
        return Optional.of(new Members(value, path + "/" + name, errors));
    }
}
