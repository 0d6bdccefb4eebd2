package dev.slipway.deploy.console.signin;

import dev.slipway.common.access.Caller;

/** Somebody, and what shows who it is. */
record SignedIn(Caller caller, Proof proof) {}
