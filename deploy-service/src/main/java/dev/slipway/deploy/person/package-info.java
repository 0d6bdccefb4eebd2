/** People who have a password here. */
@NullMarked
package dev.slipway.deploy.person;

import org.jspecify.annotations.NullMarked;
