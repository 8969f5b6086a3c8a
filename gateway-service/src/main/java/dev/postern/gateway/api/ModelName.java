package dev.postern.gateway.api;

import java.util.regex.Pattern;

/// What can be the name of a model. Anything else is refused as a model that does not exist, so that no free text
/// of a request reaches policy, limits or their metrics under that name.
public final class ModelName {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,255}");

    private ModelName() {}

    public static boolean isOne(String name) {
        return FORM.matcher(name).matches();
    }
}
