/** What would happen if somebody pressed Deploy now. */
@NullMarked
package dev.slipway.deploy.preview;

import org.jspecify.annotations.NullMarked;
