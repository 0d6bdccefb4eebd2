/** Objects in buckets. */
@NullMarked
package dev.slipway.common.blob;

import org.jspecify.annotations.NullMarked;
