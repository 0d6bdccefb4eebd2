package dev.slipway.standalone.kube;

import java.util.ArrayList;
import java.util.List;

/** Every overlay by its files and, where there is kubectl, rendered. */
final class Overlays {
  static final List<String> NAMES = List.of("control-plane", "region", "canary", "dev");

  private static final List<View> VIEWS = new ArrayList<>();

  static {
    for (var overlay : NAMES) {
      VIEWS.add(View.ofFiles(overlay));
      View.rendered(overlay)
          .ifPresentOrElse(
              VIEWS::add,
              () ->
                  System.out.println(
                      "NOT CHECKED: the overlay "
                          + overlay
                          + " as it is rendered, as there is no kubectl here; its files are"));
    }
  }

  private Overlays() {}

  /** What each test with a view looks at. */
  static List<View> views() {
    return VIEWS;
  }
}
