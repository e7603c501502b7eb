using System.Diagnostics;
using System.Globalization;
using SimplexActors.Bench.Smp;
using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Bench.Timing;

/// <summary>
/// <c>bench timing [SAMPLES]</c>: whether a client can tell refusals apart by their time (S-139, S-140). The cases of a group
/// are sent in random order, each alone in its block, and compared with the first of their group. Reported, not judged.
/// </summary>
internal static class TimingBenchmark
{
    private const int WarmUpRounds = 200;

    /// <summary>Measures all groups with so many samples of each case.</summary>
    public static async Task RunAsync(int samples)
    {
        string folder = Directory.CreateTempSubdirectory("bench-timing-").FullName;
        TimingQueues queues;
        await using (RouterUnderLoad router = await RouterUnderLoad.StartAsync(folder))
        await using (SmpClient client = await SmpClient.ConnectAsync(router.Address))
        {
            queues = await TimingQueues.CreateAsync(client, onDisk: samples + WarmUpRounds);
        }

        await using (RouterUnderLoad router = await RouterUnderLoad.StartAsync(folder))
        await using (SmpClient client = await SmpClient.ConnectAsync(router.Address))
        {
            Console.WriteLine($"{samples} samples of each case; chance: that a sample takes longer than one of the group's first case (0.5: cannot be told apart)");
            foreach (TimingGroup group in queues.Groups())
            {
                Report(group, await MeasureAsync(client, group, samples));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<double[][]> MeasureAsync(SmpClient client, TimingGroup group, int samples)
    {
        double[][] times = [.. group.Cases.Select(_ => new double[samples])];
        int[] order = [.. Enumerable.Range(0, group.Cases.Count)];
        for (int round = -WarmUpRounds; round < samples; round++)
        {
            Random.Shared.Shuffle(order);
            foreach (int index in order)
            {
                double time = await TimeAsync(client, group.Cases[index], round + WarmUpRounds);
                if (round >= 0)
                {
                    times[index][round] = time;
                }
            }
        }

        return times;
    }

    private static async Task<double> TimeAsync(SmpClient client, TimingCase one, int round)
    {
        long began = Stopwatch.GetTimestamp();
        SmpResult<SmpResponse> result = await client.ExecuteAsync(one.Command, one.Entities[round % one.Entities.Count], one.Key).AsResult();
        double time = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return result.Failure is RouterRefusal { Error: var error } && error == SmpError.Auth
            ? time
            : throw new InvalidOperationException($"'{one.Name}' was not refused with AUTH.");
    }

    private static void Report(TimingGroup group, double[][] times)
    {
        Console.WriteLine();
        Console.WriteLine($"{group.Name,-32} median us      p10      p90   chance   p");
        foreach (double[] sorted in times)
        {
            Array.Sort(sorted);
        }

        for (int i = 0; i < times.Length; i++)
        {
            (double chance, double probability) = TimingStatistics.Compare(times[0], times[i]);
            Console.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "  {0,-30} {1,9:F0} {2,8:F0} {3,8:F0}   {4}",
                group.Cases[i].Name,
                TimingStatistics.Quantile(times[i], 0.5),
                TimingStatistics.Quantile(times[i], 0.1),
                TimingStatistics.Quantile(times[i], 0.9),
                i == 0 ? "" : string.Format(CultureInfo.InvariantCulture, "{0:F3}    {1:F2}", chance, probability)));
        }
    }
}
