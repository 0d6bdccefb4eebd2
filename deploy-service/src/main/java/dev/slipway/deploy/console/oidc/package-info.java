/** Sign-in by OpenID Connect: an issuer vouches for people and says which groups they are in. */
@NullMarked
package dev.slipway.deploy.console.oidc;

import org.jspecify.annotations.NullMarked;
