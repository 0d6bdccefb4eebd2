/** PostgreSQL notifications: hints that something changed, never the only way to learn it. */
@NullMarked
package dev.slipway.common.notice;

import org.jspecify.annotations.NullMarked;
