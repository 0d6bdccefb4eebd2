/** The pages where administrators set what apps and people may do. */
@NullMarked
package dev.slipway.deploy.console.settings;

import org.jspecify.annotations.NullMarked;
