# Sourced by ./mvnw and ./postern: leaves JAVA_HOME pointing at a JDK 25 or newer, or ends with one sentence.
# The `release` file of a JDK states its version, so nothing is started while looking.

postern_jdk_feature() { # the feature release of the JDK in $1, or nothing
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

postern_select_jdk() {
  on_path=$(command -v javac 2>/dev/null || true)
  [ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")")
  best="" best_feature=""
  for candidate in "${JAVA_HOME:-}" "$on_path" "${JAVA_HOME_25_X64:-}" "${JDK_25:-}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/* "$HOME"/.m2/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    feature=$(postern_jdk_feature "$candidate")
    [ -n "$feature" ] && [ "$feature" -ge 25 ] || continue
    # The first of the lowest feature release wins: JAVA_HOME before PATH before anything found.
    if [ -z "$best" ] || [ "$feature" -lt "$best_feature" ]; then
      best=$candidate best_feature=$feature
    fi
  done
  if [ -z "$best" ]; then
    echo "Postern needs a JDK 25 (not only a JRE) and found none: install one, for example Temurin 25, or set JAVA_HOME to it." >&2
    exit 1
  fi
  JAVA_HOME=$best
  export JAVA_HOME
}

postern_select_jdk
