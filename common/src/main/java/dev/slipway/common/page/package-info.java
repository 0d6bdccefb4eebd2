/** Lists page by page: those that are answered as arrays. */
@NullMarked
package dev.slipway.common.page;

import org.jspecify.annotations.NullMarked;
