/** Regions: a name, a bucket, wanted or not. */
@NullMarked
package dev.slipway.common.region;

import org.jspecify.annotations.NullMarked;
