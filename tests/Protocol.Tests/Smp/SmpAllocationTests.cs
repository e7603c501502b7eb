using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

/// <summary>What happens for every message must not feed the garbage collector.</summary>
public class SmpAllocationTests
{
    private const int Rounds = 100;

    [Fact]
    public void Frequent_responses_are_written_without_allocating()
    {
        SmpResponse[] responses =
        [
            OkResponse.Instance, SokResponse.Plain, EndResponse.Instance, PongResponse.Instance, new ErrResponse(SmpError.Auth), new ErrResponse(CmdError.Syntax),
            new MsgResponse(EntityId.Random(), new byte[SmpSizes.EncryptedBodyBytes]),
            new NmsgResponse(new byte[SmpSizes.NonceBytes], new byte[SmpSizes.EncryptedNotificationBytes]),
        ];
        byte[] buffer = new byte[1 << 16];
        Assert.Equal(0, AllocatedBytes(() =>
        {
            var writer = new WireWriter(buffer);
            foreach (SmpResponse response in responses)
            {
                SmpResponseWriter.Write(ref writer, response, SmpVersion.Current);
            }

            Assert.False(writer.Overflowed);
        }));
    }

    [Fact]
    public void Commands_without_parameters_are_read_without_allocating()
    {
        ReadOnlyMemory<byte>[] commands = ["SUB"u8.ToArray(), "GET"u8.ToArray(), "DEL"u8.ToArray(), "PING"u8.ToArray(), "NSUB"u8.ToArray(), "HELLO"u8.ToArray()];
        int read = 0;
        long allocated = AllocatedBytes(() =>
        {
            foreach (ReadOnlyMemory<byte> command in commands)
            {
                read += SmpCommandParser.TryParse(command, SmpVersion.Current, out _, out _) ? 1 : 0;
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(2 * Rounds * (commands.Length - 1), read);
    }

    private static long AllocatedBytes(Action action)
    {
        Repeat(action); // What is made once is made now.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(action);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Repeat(Action action)
    {
        for (int i = 0; i < Rounds; i++)
        {
            action();
        }
    }
}
