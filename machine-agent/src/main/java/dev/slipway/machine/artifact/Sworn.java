package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What came with a release to say where it comes from. It is kept beside the release, and judged
 * anew before each time that the release is put in the place of another.
 *
 * @param manifest digest of the signed manifest that came
 * @param provenance its text, as the region had it; none where the region had none
 */
public record Sworn(Sha256 manifest, @Nullable String provenance) {}
