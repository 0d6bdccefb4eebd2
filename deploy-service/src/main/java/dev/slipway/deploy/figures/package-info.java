/** What the database knows of an installation, as metrics. */
@NullMarked
package dev.slipway.deploy.figures;

import org.jspecify.annotations.NullMarked;
