/** Replicas: an artifact's copies in the regions' buckets. */
@NullMarked
package dev.slipway.common.replica;

import org.jspecify.annotations.NullMarked;
