/// Finds personal data and secrets in a decoded text: rules as data with validators, and a person-name detector.
@NullMarked
package dev.postern.redacting.detection;

import org.jspecify.annotations.NullMarked;
