using System.Diagnostics;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Listener;
using SimplexActors.Nodes.Edges.Smp;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>Tells about the running process: connections, sockets, threads (O-239 to O-245). Nothing of it is kept up to date only for this.</summary>
/// <param name="router">Its clock.</param>
/// <param name="queues">The queues that are on this node.</param>
/// <param name="edge">The connections.</param>
internal sealed class RouterReport(
    SmpRouter router, ShardRegion<QueueState, StoredQueue, QueueCommand, QueueChange, QueueEffect> queues, SmpEdge edge)
{
    /// <summary>One line per connection, in the order in which they came.</summary>
    public IEnumerable<string> Clients()
    {
        DateTimeOffset now = router.Time.GetUtcNow();
        yield return "clientId,sessionId,connected,createdAt,rcvActiveAt,sndActiveAt,age,subscriptions";
        foreach (ConnectionFacts client in edge.Connections.Facts())
        {
            long created = (now - client.Age).ToUnixTimeSeconds();
            long received = (now - client.SinceReceived).ToUnixTimeSeconds();
            long sent = (now - client.SinceSent).ToUnixTimeSeconds();
            yield return $"{client.Id},{Convert.ToBase64String(client.SessionId.Span)},{ControlText.Of(client.IsConnected)},"
                + $"{created},{received},{sent},{(long)client.Age.TotalSeconds},{client.Queues}";
        }
    }

    /// <summary>Sockets of every port since the start.</summary>
    public IEnumerable<string> Sockets()
    {
        foreach (PortStatistics port in edge.Listeners.Statistics)
        {
            SocketCounts counts = port.Read();
            yield return $"Sockets for port {port.Port}:";
            yield return $"accepted: {counts.Accepted}";
            yield return $"closed: {counts.Closed}";
            yield return $"active: {counts.Active}";
            yield return $"leaked: {counts.Leaked}";
        }
    }

    /// <summary>The process' threads.</summary>
    public static IEnumerable<string> Threads()
    {
        using var process = Process.GetCurrentProcess();
        ProcessThread[] threads = [.. process.Threads.Cast<ProcessThread>().OrderBy(thread => thread.Id)];
        yield return $"Threads: {threads.Length}";
        foreach (ProcessThread thread in threads)
        {
            string name = NameOf(thread.Id);
            if (name.Length > 0)
            {
                yield return $"{thread.Id} ({thread.ThreadState}) {name}";
            }
        }
    }

    /// <summary>One line about memory and garbage collection.</summary>
    public static string Runtime()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return $"gcs = {GC.CollectionCount(0)}, major_gcs = {GC.CollectionCount(2)}, allocated_bytes = {GC.GetTotalAllocatedBytes()}, "
            + $"live_bytes = {GC.GetTotalMemory(forceFullCollection: false)}, heap_bytes = {memory.HeapSizeBytes}, "
            + $"committed_bytes = {memory.TotalCommittedBytes}, resident_bytes = {Environment.WorkingSet}, "
            + $"pause_ms = {(long)GC.GetTotalPauseDuration().TotalMilliseconds}, cpu_ms = {(long)Environment.CpuUsage.TotalTime.TotalMilliseconds}";
    }

    /// <summary>Connections and subscriptions; administrators see more.</summary>
    public async Task<IEnumerable<string>> ServerAsync(ControlRole role)
    {
        ConnectionFacts[] clients = [.. edge.Connections.Facts()];
        QueueSurvey survey = await QueueSurvey.TakeAsync(queues, router.Time.GetUtcNow());
        using var process = Process.GetCurrentProcess();
        long[] notified = [.. clients.Where(client => client.Notifiers > 0).Select(client => client.Id)];
        string ids = $"[{string.Join(',', notified)}]";
        return
        [
            $"Threads: {process.Threads.Count}",
            $"Clients: {clients.Length}",
            .. role is ControlRole.Admin ? Details(clients) : [],
            $"SMP subscriptions: {survey.Subscriptions}",
            $"SMP subscribed clients: {survey.Subscribers}",
            $"SMP subscribed clients count 2: {clients.Count(client => client.Queues > 0)}",
            $"Ntf subscriptions: {survey.NotifierSubscriptions}",
            $"Ntf subscribed clients: {survey.NotifierSubscribers} {ids}",
            $"Ntf subscribed clients count 2: {notified.Length} fromList {ids}",
        ];
    }

    /// <summary>As the connections know it. Here a subscription has no state of its own, so that all are in the first group but those of GET.</summary>
    private static IEnumerable<string> Details(ConnectionFacts[] clients)
    {
        ConnectionFacts[] subscribed = [.. clients.Where(client => client.Queues > 0)];
        ConnectionFacts[] notified = [.. clients.Where(client => client.Notifiers > 0)];
        return
        [
            $"Client queues (rcvQ, sndQ, msgQ): {Waiting(clients)}",
            $"SMP subscriptions (via clients): {subscribed.Sum(client => (long)client.Queues)}",
            $"SMP subscriptions (by group: NoSub, SubPending, SubThread, ProhibitSub): ({subscribed.Sum(client => (long)client.Queues)},0,0,{clients.Sum(client => (long)client.Readers)})",
            $"SMP subscribed clients (via clients): {subscribed.Length}",
            $"SMP subscribed clients queues (via clients, rcvQ, sndQ, msgQ): {Waiting(subscribed)}",
            $"Ntf subscriptions (via clients): {notified.Sum(client => (long)client.Notifiers)}",
            $"Ntf subscribed clients (via clients): {notified.Length}",
            $"Ntf subscribed clients queues (via clients, rcvQ, sndQ, msgQ): {Waiting(notified)}",
        ];
    }

    private static string Waiting(ConnectionFacts[] clients) =>
        $"({clients.Sum(client => client.WaitingBlocks)},{clients.Sum(client => client.WaitingEvents)},{clients.Sum(client => client.WaitingMessages)})";

    /// <summary>What the system calls a thread; empty when it is gone.</summary>
    private static string NameOf(int thread)
    {
        try
        {
            return File.ReadAllText($"/proc/self/task/{thread}/comm").TrimEnd('\n');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
