/** Artifacts: the binaries that jobs produce, named by digest, described by signed manifests. */
@NullMarked
package dev.slipway.common.artifact;

import org.jspecify.annotations.NullMarked;
