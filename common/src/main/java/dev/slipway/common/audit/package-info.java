/** Who did what: the record of every change a caller asked for. */
@NullMarked
package dev.slipway.common.audit;

import org.jspecify.annotations.NullMarked;
