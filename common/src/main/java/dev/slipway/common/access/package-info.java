/** Who may call: roles, tokens and their check. */
@NullMarked
package dev.slipway.common.access;

import org.jspecify.annotations.NullMarked;
