/** How fast an artifact gets into a bucket, beside reading and hashing alone. */
@NullMarked
package dev.slipway.bench.publish;

import org.jspecify.annotations.NullMarked;
