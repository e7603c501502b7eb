using System.Collections.Immutable;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;

namespace SimplexActors.Protocol.Smp;

/// <summary>
/// Reads the parameters of a command or response: <see cref="WireReader"/> over memory, so that opaque
/// fields become slices of the received block and not copies. The first failure sticks, as there.
/// </summary>
internal ref struct ParameterReader(ReadOnlyMemory<byte> input)
{
    private readonly ReadOnlyMemory<byte> _input = input;

    /// <summary>Reads the fields that are copied or are values.</summary>
    public WireReader Wire = new(input.Span);

    /// <summary>True when everything was read and nothing failed.</summary>
    public readonly bool IsComplete => Wire.IsComplete;

    /// <summary>Raw bytes, not copied.</summary>
    public ReadOnlyMemory<byte> TakeMemory(int count) => LastRead(Wire.Take(count).Length);

    /// <summary>A large string, not copied (S-005).</summary>
    public ReadOnlyMemory<byte> ReadLargeMemory() => LastRead(Wire.ReadLarge().Length);

    /// <summary>A short string, not copied (S-004).</summary>
    public ReadOnlyMemory<byte> ReadShortMemory() => LastRead(Wire.ReadShort().Length);

    /// <summary>All that is left, not copied (S-006).</summary>
    public ReadOnlyMemory<byte> ReadTailMemory() => LastRead(Wire.ReadTail().Length);

    /// <summary>The space between tag and parameters (S-025).</summary>
    public void ExpectSpace() => Wire.Expect((byte)' ');

    /// <summary>A key that authorises commands (S-015); null after a failure.</summary>
    public PublicKey ReadAuthKey() => ReadKey(static key => key.CanAuthorise);

    /// <summary>An X25519 key (S-016); null after a failure.</summary>
    public PublicKey ReadDhKey() => ReadKey(static key => key.Algorithm is KeyAlgorithm.X25519);

    /// <summary>An optional id (S-007).</summary>
    public EntityId? ReadMaybeId() => Wire.ReadMaybe() ? Wire.ReadId() : null;

    /// <summary>A password (S-175).</summary>
    public string ReadBasicAuth()
    {
        string password = System.Text.Encoding.Latin1.GetString(Wire.ReadShort());
        if (!BasicAuth.IsValid(password))
        {
            Wire.Fail();
        }

        return password;
    }

    /// <summary>Both blobs of a short link.</summary>
    public LinkData ReadLinkData() => new(ReadLargeMemory(), ReadLargeMemory());

    /// <summary>Count and hash of a service's queues.</summary>
    public ServiceQueues ReadServiceQueues() => new(Wire.ReadInt64(), Wire.ReadId());

    /// <summary>A byte that says which of two values follows or is meant (S-171, S-172).</summary>
    public bool ReadChoice(byte whenTrue, byte whenFalse)
    {
        byte value = Wire.ReadByte();
        if (value != whenTrue && value != whenFalse)
        {
            Wire.Fail();
        }

        return value == whenTrue;
    }

    /// <summary>A queue mode, <c>M</c> or <c>C</c>.</summary>
    public QueueMode ReadMode() =>
        ReadChoice((byte)QueueMode.Messaging, (byte)QueueMode.Contact) ? QueueMode.Messaging : QueueMode.Contact;

    /// <summary>A list of 1 to 255 authorisation keys (S-008).</summary>
    public ImmutableArray<PublicKey> ReadAuthKeys()
    {
        int count = ReadNonEmptyCount();
        var keys = ImmutableArray.CreateBuilder<PublicKey>(count);
        while (keys.Count < count && !Wire.Failed)
        {
            keys.Add(ReadAuthKey());
        }

        return keys.DrainToImmutable();
    }

    /// <summary>The count byte of a list that must not be empty (S-008); 0 only after a failure.</summary>
    public int ReadNonEmptyCount()
    {
        byte count = Wire.ReadByte();
        if (count == 0)
        {
            Wire.Fail();
        }

        return count;
    }

    private PublicKey ReadKey(Func<PublicKey, bool> isAllowed)
    {
        PublicKey? key = PublicKey.TryDecode(Wire.ReadShort());
        if (key is null || !isAllowed(key))
        {
            Wire.Fail();
        }

        // Null only when the reader failed, and then the parser drops everything it read.
        return key!;
    }

    private readonly ReadOnlyMemory<byte> LastRead(int length) =>
        _input.Slice(_input.Length - Wire.Remaining - length, length);
}
