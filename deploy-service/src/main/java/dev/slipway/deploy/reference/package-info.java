/** One page that shows the calls of all services, from what they say of themselves. */
@NullMarked
package dev.slipway.deploy.reference;

import org.jspecify.annotations.NullMarked;
