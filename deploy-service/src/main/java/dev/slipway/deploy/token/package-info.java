/** The tokens that administrators give out. */
@NullMarked
package dev.slipway.deploy.token;

import org.jspecify.annotations.NullMarked;
