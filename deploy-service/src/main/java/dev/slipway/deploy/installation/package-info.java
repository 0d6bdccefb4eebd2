/** How an installation stands, for whoever checks it. */
@NullMarked
package dev.slipway.deploy.installation;

import org.jspecify.annotations.NullMarked;
