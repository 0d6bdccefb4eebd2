/** What administrators do. */
@NullMarked
package dev.slipway.client.admin;

import org.jspecify.annotations.NullMarked;
