/** Errors that callers see: RFC 9457 problem details with stable codes. */
@NullMarked
package dev.slipway.common.problem;

import org.jspecify.annotations.NullMarked;
