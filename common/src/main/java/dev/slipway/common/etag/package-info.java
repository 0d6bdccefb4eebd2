/** What lets a caller that has an answer already be told so in a line. */
@NullMarked
package dev.slipway.common.etag;

import org.jspecify.annotations.NullMarked;
