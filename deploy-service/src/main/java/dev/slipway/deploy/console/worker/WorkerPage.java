package dev.slipway.deploy.console.worker;

import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.console.worker.WorkerPageStore.Running;
import dev.slipway.deploy.console.worker.WorkerPageStore.Waiting;
import dev.slipway.deploy.console.worker.WorkerPageStore.Worker;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Who builds, and what waits for them. */
@Controller
class WorkerPage {
  private final WorkerPageStore store;

  WorkerPage(WorkerPageStore store) {
    this.store = store;
  }

  /**
   * A worker.
   *
   * @param state IDLE, BUSY, DRAINING or UNKNOWN, which is silent
   * @param builds that it holds
   */
  public record Row(
      String name,
      String state,
      int slots,
      int busy,
      List<String> labels,
      Instant startedAt,
      Instant seenAt,
      List<Running> builds) {}

  /**
   * A line of builds that wait.
   *
   * @param servedBy workers that take from it and were heard of; none: it will wait for long
   */
  public record Queue(List<String> labels, int builds, Instant oldest, long servedBy) {}

  @GetMapping("/workers")
  String workers(Model model, HttpServletRequest request) {
    var workers = store.workers();
    var running = store.running();
    var byWorker = running.stream().collect(Collectors.groupingBy(Running::worker));
    var rows = workers.stream().map(worker -> row(worker, byWorker)).toList();
    model.addAttribute("workers", rows);
    var queues = store.waiting().stream().map(w -> queue(w, workers)).toList();
    model.addAttribute("queues", queues);
    model.addAttribute("waiting", queues.stream().mapToInt(Queue::builds).sum());
    model.addAttribute("slots", there(workers).mapToInt(Worker::slots).sum());
    model.addAttribute("building", running.size());
    return Page.of("console/workers", request);
  }

  private static Stream<Worker> there(List<Worker> workers) {
    return workers.stream().filter(w -> !w.silent() && !w.draining());
  }

  private static Row row(Worker worker, Map<String, List<Running>> builds) {
    return new Row(
        worker.name(),
        stateOf(worker),
        worker.slots(),
        worker.busy(),
        worker.labels(),
        worker.startedAt(),
        worker.seenAt(),
        builds.getOrDefault(worker.name(), List.of()));
  }

  private static String stateOf(Worker worker) {
    if (worker.silent()) {
      return "UNKNOWN";
    }
    if (worker.draining()) {
      return "DRAINING";
    }
    return worker.busy() > 0 ? "BUSY" : "IDLE";
  }

  private static Queue queue(Waiting waiting, List<Worker> workers) {
    return new Queue(
        waiting.labels(),
        waiting.builds(),
        waiting.oldest(),
        there(workers).filter(w -> w.labels().containsAll(waiting.labels())).count());
  }
}
